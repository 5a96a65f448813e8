package dev.graft.cli;

import dev.graft.data.LeftOut;
import dev.graft.runtime.Prediction;

/** Writes predictions as they come. */
sealed interface PredictionPrinter permits TablePredictions, JsonPredictions {
  void predicted(String id, Prediction prediction);

  void leftOut(LeftOut item);
}
