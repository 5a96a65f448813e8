/**
 * How accuracy grows with the number of training examples: measured on subsamples of the frozen
 * features, and forecast for more examples than there are.
 */
@NullMarked
package dev.graft.transfer.learningcurve;

import org.jspecify.annotations.NullMarked;
