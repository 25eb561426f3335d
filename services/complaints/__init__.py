"""The complaints service: complaints, consent, the identity vault and the signals that come out of them."""
