/** How features are computed, heads are fitted and unfrozen layers are trained. */
@NullMarked
package dev.graft.transfer.training;

import org.jspecify.annotations.NullMarked;
