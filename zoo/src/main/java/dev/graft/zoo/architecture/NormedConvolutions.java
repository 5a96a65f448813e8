package dev.graft.zoo.architecture;

/**
 * Convolutions with batch normalisation in one of its forms.
 *
 * @param net what they are laid on
 * @param norms the form
 * @param epsilon what is added to the variances
 */
record NormedConvolutions(NetworkLayers net, NormForm norms, float epsilon) {
  /** A convolution of one name and its norm of another. */
  String normed(String convolution, String norm, String x, Filters filters) {
    return switch (norms) {
      case FOLDED -> net.convolution(convolution, x, filters);
      case BATCH_NORM ->
          net.batchNorm(norm, net.plainConvolution(convolution, x, filters), filters.to(), epsilon);
    };
  }
}
