@NullMarked
package dev.graft.zoo.hub.server;

import org.jspecify.annotations.NullMarked;
