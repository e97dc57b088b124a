// SPDX-License-Identifier: Apache-2.0
package dev.parley.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.config.AddressRange;
import dev.parley.config.ProxySettings;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxies are 10.0.0.0/8 and fd00::/8. */
class ClientAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                // socket | lines, each with a semicolon behind | client
                "192.0.2.1    | none                                  | 192.0.2.1",
                "192.0.2.1    | 198.51.100.7;                         | 192.0.2.1",
                "192.0.2.1    | 10.0.0.2;                             | 192.0.2.1",
                "10.0.0.1     | none                                  | 10.0.0.1",
                "10.0.0.1     | 198.51.100.7;                         | 198.51.100.7",
                "10.0.0.1     | 203.0.113.9, 198.51.100.7;            | 198.51.100.7",
                "10.0.0.1     | 203.0.113.9;198.51.100.7;             | 198.51.100.7",
                "10.0.0.1     | 203.0.113.9;198.51.100.7, 10.0.0.3;   | 198.51.100.7",
                "10.0.0.1     | 198.51.100.7, 10.0.0.3, 10.0.0.2;     | 198.51.100.7",
                "10.0.0.1     | 10.0.0.9, 10.0.0.3, 10.0.0.2;         | 10.0.0.9",
                "10.0.0.1     | 203.0.113.9, 198.51.100.7, 10.0.0.2;  | 198.51.100.7",
                "10.0.0.1     |  198.51.100.7  ,  10.0.0.2 ;          | 198.51.100.7",
                "10.0.0.1     | 198.51.100.7:4711;                    | 198.51.100.7",
                "10.0.0.1     | 2001:db8::7;                          | 2001:db8::7",
                "10.0.0.1     | [2001:db8::7];                        | 2001:db8::7",
                "10.0.0.1     | [2001:db8::7]:4711;                   | 2001:db8::7",
                "10.0.0.1     | ::ffff:198.51.100.7;                  | 198.51.100.7",
                "10.0.0.1     | 198.51.100.7, ::ffff:10.0.0.2;        | 198.51.100.7",
                "fd00::1      | 198.51.100.7, fd12::2;                | 198.51.100.7",
                "fe00::1      | 198.51.100.7;                         | fe00::1",
                // what cannot be read ends what can be known
                "10.0.0.1     | 198.51.100.7, unknown;                | 10.0.0.1",
                "10.0.0.1     | 198.51.100.7, unknown, 10.0.0.2;      | 10.0.0.2",
                "10.0.0.1     | 198.51.100.7, , 10.0.0.2;             | 10.0.0.2",
                "10.0.0.1     | 198.51.100.7,;                        | 10.0.0.1",
                "10.0.0.1     | 198.51.100.7/8;                       | 10.0.0.1",
                "10.0.0.1     | 10.0.0.0/8;                           | 10.0.0.1",
                "10.0.0.1     | 2001:db8::7/64;                       | 10.0.0.1",
                "10.0.0.1     | [2001:db8::7;                         | 10.0.0.1",
                "10.0.0.1     | 2001:db8::7]:1;                       | 10.0.0.1",
                "10.0.0.1     | [198.51.100.7]:1;                     | 10.0.0.1",
                "10.0.0.1     | 2001:db8::7%eth0;                     | 10.0.0.1",
                "10.0.0.1     | 198.51.100.256;                       | 10.0.0.1",
                "10.0.0.1     | 198.51.100;                           | 10.0.0.1",
                "10.0.0.1     | 3325256711;                           | 10.0.0.1",
                "10.0.0.1     | 0xC6.0x33.0x64.0x7;                   | 10.0.0.1",
                "10.0.0.1     | 198.51.100.7:;                        | 10.0.0.1",
                "10.0.0.1     | 198.51.100.7:123456;                  | 10.0.0.1",
                "10.0.0.1     | :::;                                  | 10.0.0.1",
                "10.0.0.1     | localhost;                            | 10.0.0.1",
                "10.0.0.1     | \"198.51.100.7\";                     | 10.0.0.1",
                "10.0.0.1     | for=198.51.100.7;                     | 10.0.0.1"
            })
    void proxiesAreBelievedFromTheEndOfTheListAsFarAsTheyGo(String socket, String lines, String client) {
        HttpRequest request = request(
                lines == null
                        ? List.of()
                        : Stream.of(lines.split(";", -1))
                                .filter(line -> !line.isEmpty())
                                .toList());

        assertThat(ClientAddress.of(request, InetAddress.ofLiteral(socket), proxies(false)))
                .isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void nothingElseThatAProxyMaySayIsLookedAt() {
        HttpRequest request = request(List.of());
        request.headers()
                .set("Forwarded", "for=198.51.100.7")
                .set("X-Real-IP", "198.51.100.7")
                .set("X-Forwarded-Host", "198.51.100.7")
                .set("X-Client-IP", "198.51.100.7")
                .set("True-Client-IP", "198.51.100.7");
        InetAddress proxy = InetAddress.ofLiteral("10.0.0.1");

        assertThat(ClientAddress.of(request, proxy, proxies(false))).isEqualTo(proxy);
    }

    @Test
    void proxiesThatUseTheProxyProtocolAreNotBelievedByAHeader() {
        HttpRequest request = request(List.of("198.51.100.7"));
        InetAddress proxy = InetAddress.ofLiteral("10.0.0.1");

        assertThat(ClientAddress.of(request, proxy, proxies(true))).isEqualTo(proxy);
    }

    @Test
    void aLongListOfGarbageCostsNoTime() {
        HttpRequest request = request(List.of(":".repeat(30_000) + "g", "1.".repeat(15_000)));
        InetAddress proxy = InetAddress.ofLiteral("10.0.0.1");
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(ClientAddress.of(request, proxy, proxies(false))).isEqualTo(proxy);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    private static ProxySettings proxies(boolean isProxyProtocol) {
        return new ProxySettings(
                List.of(
                        new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8),
                        new AddressRange(InetAddress.ofLiteral("fd00::"), 8)),
                isProxyProtocol);
    }

    private static HttpRequest request(List<String> lines) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().add("X-Forwarded-For", lines);
        return request;
    }
}
