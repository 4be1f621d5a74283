"""Every query the connector sends."""

from collections.abc import Sequence

from .documents import COLUMN, COST, Document

PAGE = 500  # items a page, the maximum monday allows
RECENT = 50  # items of a board looked at for what has changed since the last look
BOARDS = 100  # boards a page
KEYS = 100  # values one look-up may name; items(ids:) has the same limit
CELLS = """column_values(ids: $columns) {
    id type text value
    ... on StatusValue { index label }
    ... on DropdownValue { values { id label } }
    ... on DateValue { date time }
    ... on CheckboxValue { checked }
    ... on LinkValue { url url_text }
    ... on EmailValue { email label }
    ... on PhoneValue { phone country_short_name }
    ... on PeopleValue { persons_and_teams { id kind } }
    ... on TimelineValue { from to }
    ... on CountryValue { country { code name } }
    ... on BoardRelationValue { linked_item_ids display_value }
    ... on HourValue { hour minute }
    ... on WeekValue { start_date end_date }
    ... on RatingValue { rating }
    ... on TagsValue { tag_ids }
  }"""
ITEM = f"id name state updated_at group {{ id }} {CELLS}"


def me() -> Document:
    text = f"query Me {{ {COST} me {{ id name email kind account {{ id name slug tier }} }} }}"
    return Document("me", text, {}, mutation=False)


def daily_limit() -> Document:
    """With the account that it holds for, which a new connection does not know yet."""
    asked = "platform_api { daily_limit { total } } me { account { id } }"
    text = f"query DailyLimit {{ {COST} {asked} }}"
    return Document("daily_limit", text, {}, mutation=False)


def boards(page: int) -> Document:
    text = f"""query Boards($limit: Int!, $page: Int!) {{
  {COST}
  boards(limit: $limit, page: $page, order_by: used_at) {{
    id name state type items_count url workspace_id
  }}
}}"""
    return Document("boards", text, {"limit": BOARDS, "page": page}, mutation=False)


def board(board_id: str) -> Document:
    """With its columns and groups; archived boards answer too, so that we can say so."""
    text = f"""query Board($boards: [ID!]) {{
  {COST}
  boards(ids: $boards, state: all) {{
    id name state url items_count items_limit permissions access_level
    columns {{ {COLUMN} archived }}
    groups {{ id title archived deleted }}
  }}
}}"""
    return Document("board", text, {"boards": [board_id]}, mutation=False)


def bulk_load(load_id: str) -> Document:
    text = f"""query BulkLoad($job: ID!) {{
  {COST}
  fetch_job_status(job_id: $job) {{
    ... on ItemsJobStatus {{
      status counts {{ submitted invalid skipped created updated failed }}
      progress_percentage failure_reason failure_message fully_imported
    }}
  }}
}}"""
    return Document("bulk_load", text, {"job": load_id}, mutation=False)


def required_columns(board_id: str) -> Document:
    """Columns that people must fill in on this board, as its settings say."""
    text = f"""query RequiredColumns($board: ID!) {{
  {COST}
  validations(id: $board) {{ required_column_ids }}
}}"""
    return Document("required_columns", text, {"board": board_id}, mutation=False)


def column(board_id: str, column_id: str) -> Document:
    """With the revision that a change of its settings must name."""
    text = f"""query Column($boards: [ID!], $columns: [String]) {{
  {COST}
  boards(ids: $boards) {{ columns(ids: $columns) {{ {COLUMN} revision }} }}
}}"""
    variables = {"boards": [board_id], "columns": [column_id]}
    return Document("column", text, variables, mutation=False)


def items(board_id: str, column_ids: Sequence[str], *, newest_first: bool = False) -> Document:
    """The first page of a board's active items; without order_by their order is unstable."""
    text = f"""query Items($boards: [ID!], $columns: [String!], $limit: Int!, $query: ItemsQuery) {{
  {COST}
  boards(ids: $boards) {{
    items_page(limit: $limit, query_params: $query) {{ cursor items {{ {ITEM} }} }}
  }}
}}"""
    direction = "desc" if newest_first else "asc"
    order = {"order_by": [{"column_id": "__creation_log__", "direction": direction}]}
    variables = {"boards": [board_id], "columns": list(column_ids), "limit": PAGE, "query": order}
    return Document("items", text, variables, mutation=False, items=PAGE)


def changed_items(board_id: str, column_ids: Sequence[str]) -> Document:
    """A short first page, the last changed first: usually it is all that has to be read."""
    document = items(board_id, column_ids)
    order = {"order_by": [{"column_id": "__last_updated__", "direction": "desc"}]}
    variables = {**document.variables, "limit": RECENT, "query": order}
    return Document("changed_items", document.text, variables, mutation=False, items=RECENT)


def next_items(cursor: str, column_ids: Sequence[str]) -> Document:
    text = f"""query NextItems($cursor: String!, $columns: [String!], $limit: Int!) {{
  {COST}
  next_items_page(cursor: $cursor, limit: $limit) {{ cursor items {{ {ITEM} }} }}
}}"""
    variables = {"cursor": cursor, "columns": list(column_ids), "limit": PAGE}
    return Document("next_items", text, variables, mutation=False, items=PAGE)


def items_by_key(board_id: str, column_id: str, keys: Sequence[str]) -> Document:
    """At most KEYS keys. monday compares whole values without regard to case."""
    text = f"""query ItemsByKey(
  $board: ID!, $limit: Int!, $by: [ItemsPageByColumnValuesQuery!], $columns: [String!]
) {{
  {COST}
  items_page_by_column_values(board_id: $board, limit: $limit, columns: $by) {{
    cursor items {{ {ITEM} }}
  }}
}}"""
    by = [{"column_id": column_id, "column_values": list(keys)}]
    variables = {"board": board_id, "limit": PAGE, "by": by, "columns": [column_id]}
    return Document("items_by_key", text, variables, mutation=False, items=len(keys))


def items_by_id(item_ids: Sequence[str], column_ids: Sequence[str]) -> Document:
    """At most 100 ids; archived and deleted items answer too, with their state."""
    text = f"""query ItemsById($ids: [ID!], $limit: Int!, $columns: [String!]) {{
  {COST}
  items(ids: $ids, limit: $limit) {{ {ITEM} board {{ id }} }}
}}"""
    variables = {"ids": list(item_ids), "limit": len(item_ids), "columns": list(column_ids)}
    return Document("items_by_id", text, variables, mutation=False, items=len(item_ids))
