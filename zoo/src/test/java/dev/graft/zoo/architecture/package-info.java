/** Tests of fresh weights. */
@NullMarked
package dev.graft.zoo.architecture;

import org.jspecify.annotations.NullMarked;
