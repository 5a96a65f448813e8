/** How far a model's probabilities can be believed, and what it has not seen the like of. */
@NullMarked
package dev.graft.transfer.calibration;

import org.jspecify.annotations.NullMarked;
