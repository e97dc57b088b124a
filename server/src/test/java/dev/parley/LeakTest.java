// SPDX-License-Identifier: Apache-2.0
package dev.parley;

import dev.parley.fixture.LeakReport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
@Order(Integer.MAX_VALUE)
class LeakTest extends LeakReport {}
