@NullMarked
package dev.graft.zoo.hub;

import org.jspecify.annotations.NullMarked;
