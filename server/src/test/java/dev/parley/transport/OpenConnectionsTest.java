// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {

    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    @Test
    void eachAddressHasSoManyAndWhatIsClosedCanBeOpenedAgain() {
        OpenConnections open = new OpenConnections(2);
        assertThat(open.open(ONE)).isTrue();
        assertThat(open.open(ONE)).isTrue();
        assertThat(open.open(ONE)).isFalse();
        assertThat(open.open(ONE)).as("a refusal takes no place").isFalse();
        assertThat(open.open(OTHER)).isTrue();

        open.close(ONE);
        assertThat(open.open(ONE)).isTrue();
    }

    @Test
    void anIpv6SubscriberIsOneClient() {
        OpenConnections open = new OpenConnections(1);
        assertThat(open.open(InetAddress.ofLiteral("2001:db8:0:1::1"))).isTrue();
        assertThat(open.open(InetAddress.ofLiteral("2001:db8:0:1:ffff::2"))).isFalse();
        assertThat(open.open(InetAddress.ofLiteral("2001:db8:0:2::1"))).isTrue();
    }

    @Test
    void nothingIsRememberedOfWhoIsGone() {
        OpenConnections open = new OpenConnections(5);
        open.open(ONE);
        open.open(ONE);
        open.close(ONE);
        open.close(ONE);

        assertThat(open.size()).isZero();
    }

    @Test
    void withoutALimitNothingIsCounted() {
        OpenConnections open = new OpenConnections(0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(open.open(ONE)).isTrue();
        }
        assertThat(open.size()).isZero();
    }
}
