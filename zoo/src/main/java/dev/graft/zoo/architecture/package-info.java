/** Networks of published architectures with fresh weights, in the form that exporters give them. */
@NullMarked
package dev.graft.zoo.architecture;

import org.jspecify.annotations.NullMarked;
