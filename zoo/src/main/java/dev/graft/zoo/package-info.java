/**
 * Networks with fresh weights, which transfer learning is compared with, and the backbones that
 * come with Graft.
 */
@NullMarked
package dev.graft.zoo;

import org.jspecify.annotations.NullMarked;
