/** Tests of fresh weights. */
@NullMarked
package dev.graft.zoo;

import org.jspecify.annotations.NullMarked;
