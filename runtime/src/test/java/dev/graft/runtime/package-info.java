/** Tests of the runtime, with the small models and bundles they share. */
@NullMarked
package dev.graft.runtime;

import org.jspecify.annotations.NullMarked;
