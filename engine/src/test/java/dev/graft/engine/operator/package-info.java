/** Tests of single operators. */
@NullMarked
package dev.graft.engine.operator;

import org.jspecify.annotations.NullMarked;
