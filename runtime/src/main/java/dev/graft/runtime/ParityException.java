package dev.graft.runtime;

/**
 * A saved model that gives other probabilities than the ones recorded with its golden examples; the
 * message names the example, the class, the expected and the found value.
 */
public final class ParityException extends RuntimeException {

  ParityException(String message) {
    super(message);
  }
}
