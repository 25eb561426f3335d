"""Operations and jobs: ordered in a transaction, carried out once, whatever dies on the way."""
