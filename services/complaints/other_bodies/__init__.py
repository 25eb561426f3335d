"""How a matter stands at another body: its level of appeal, its days, its answer. Facts of that body, never our judgement."""
