"""Fragments of statements over `recommendation r`: what a source's counts come to. The same rule as `rules.reported_standing`."""

_LEN = "cardinality(r.written_addressees)"
_MERGED = "(SELECT count(DISTINCT written) FROM unnest(r.written_addressees) AS written)"
_DUE = "(r.transmitted_on + r.answer_days)"


def _status(addressees: str) -> str:
    return (
        f"CASE WHEN r.reported_replies IS NULL THEN NULL WHEN r.reported_replies >= {addressees} THEN 'completed' "
        f"WHEN r.reported_replies > 0 THEN 'partial' WHEN {_DUE} < r.reported_as_of THEN 'overdue' ELSE 'pending' END"
    )


REPORTED_STATUS = _status(_LEN)
REPORTED_OUTCOME = f"""CASE WHEN r.reported_replies IS NULL THEN NULL ELSE json_build_object('replies_count', r.reported_replies,
  'as_of', r.reported_as_of, 'answer_days', r.answer_days, 'due_on', {_DUE}, 'status', {REPORTED_STATUS}, 'status_if_merged', {_status(_MERGED)},
  'days_overdue', CASE WHEN r.reported_replies < {_LEN} AND {_DUE} < r.reported_as_of THEN r.reported_as_of - {_DUE} END) END"""
_TIED = "LEFT JOIN addressee_match m ON m.source = r.source AND m.name = written.name"
WRITTEN_BRIEF = f"""(SELECT coalesce(json_agg(json_build_object('name', written.name, 'authority_id', m.stakeholder_id) ORDER BY written.place), '[]')
  FROM unnest(r.written_addressees) WITH ORDINALITY AS written(name, place) {_TIED})"""
WRITTEN_ADDRESSEES = f"""(SELECT coalesce(json_agg(json_build_object('name', written.name, 'authority', CASE WHEN m.stakeholder_id IS NULL THEN NULL
    ELSE json_build_object('id', m.stakeholder_id, 'name', coalesce(k.name, '')) END) ORDER BY written.place), '[]')
  FROM unnest(r.written_addressees) WITH ORDINALITY AS written(name, place) {_TIED} LEFT JOIN known_stakeholder k ON k.id = m.stakeholder_id)"""
