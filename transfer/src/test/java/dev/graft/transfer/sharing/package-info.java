@NullMarked
package dev.graft.transfer.sharing;

import org.jspecify.annotations.NullMarked;
