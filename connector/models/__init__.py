"""The rows of the engine; docs/architecture.md says what each is one per."""

from connector.models.among import Among
from connector.models.audit import Action, AppendOnly, AuditEntry, Outcome
from connector.models.batches import Batch, Operation
from connector.models.board_readings import BoardReading
from connector.models.board_webhooks import BoardWebhook
from connector.models.calls import AccountLimits, ApiCall
from connector.models.hints import FirstFound, Found, Hint, Source
from connector.models.lanes import BoardLane
from connector.models.links import LinkState, RecordLink
from connector.models.passes import Pass, PassPage
from connector.models.receipts import BoardWatch, GoodsReceipt, OnHold, ReceiptState
from connector.models.records import SourceRecord, Watermark
from connector.models.references import LabelColumn, Reference
from connector.models.runs import SyncRun, Trigger

__all__ = [
    "AccountLimits",
    "Action",
    "Among",
    "ApiCall",
    "AppendOnly",
    "AuditEntry",
    "Batch",
    "BoardLane",
    "BoardReading",
    "BoardWatch",
    "BoardWebhook",
    "FirstFound",
    "Found",
    "GoodsReceipt",
    "Hint",
    "LabelColumn",
    "LinkState",
    "OnHold",
    "Operation",
    "Outcome",
    "Pass",
    "PassPage",
    "ReceiptState",
    "RecordLink",
    "Reference",
    "Source",
    "SourceRecord",
    "SyncRun",
    "Trigger",
    "Watermark",
]
