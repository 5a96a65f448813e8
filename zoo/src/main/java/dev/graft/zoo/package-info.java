/** Networks with fresh weights: what transfer learning is compared with. */
@NullMarked
package dev.graft.zoo;

import org.jspecify.annotations.NullMarked;
