package dev.graft.transfer;

import dev.graft.engine.PrecisionProof;
import dev.graft.transfer.training.ImageViews;

/** What all later phases of a run share. */
record RunContext(
    Backbone backbone,
    TransferSettings settings,
    ExampleTables tables,
    ViewPlan plan,
    ImageViews views,
    PrecisionProof precision,
    StoreFolder store,
    String dataHash) {}
