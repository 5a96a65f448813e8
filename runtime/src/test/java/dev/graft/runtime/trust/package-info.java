@NullMarked
package dev.graft.runtime.trust;

import org.jspecify.annotations.NullMarked;
