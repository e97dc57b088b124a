// SPDX-License-Identifier: Apache-2.0
package dev.parley.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of IP addresses.
 *
 * @param address any address of it
 * @param prefix how many leading bits its addresses share
 */
public record AddressRange(InetAddress address, int prefix) {

    private static final int IPV4_BITS = 32;

    /** The least an IPv6 subscriber gets. */
    private static final int SUBSCRIBER_BITS = 64;

    /** Digits and separators only, so that reading one never asks a name server. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

    /** Reads {@code ADDRESS} or {@code ADDRESS/BITS}. */
    public static AddressRange parse(String text) throws SettingException {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash), text);
        int bits = address.getAddress().length * Byte.SIZE;
        String prefix = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
            throw refused(text);
        }
        return new AddressRange(address, Integer.parseInt(prefix));
    }

    /**
     * What counts as one client: its address, or the /64 of an IPv6 one, since whoever has one address there has all of
     * them. Equal for all addresses of a client.
     */
    public static AddressRange ofClient(InetAddress client) {
        byte[] bytes = client.getAddress();
        try {
            InetAddress plain = InetAddress.getByAddress(bytes); // an IPv4 address in IPv6 notation becomes one of IPv4
            if (plain instanceof Inet4Address) {
                return new AddressRange(plain, IPV4_BITS);
            }
            Arrays.fill(bytes, SUBSCRIBER_BITS / Byte.SIZE, bytes.length, (byte) 0);
            return new AddressRange(InetAddress.getByAddress(bytes), SUBSCRIBER_BITS);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    /** Whether the address lies in it. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] theirs = other.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += Byte.SIZE) {
            int mask = prefix - bit >= Byte.SIZE ? 0xFF : 0xFF << (Byte.SIZE - (prefix - bit));
            if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }

    private static InetAddress address(String literal, String text) throws SettingException {
        if (!LITERAL.matcher(literal).matches()) {
            throw refused(text);
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw refused(text);
        }
    }

    private static SettingException refused(String text) {
        return new SettingException(
                QuotedValue.of(text) + " is not a range of addresses: write for example 10.0.0.0/8 or fd00::/8");
    }
}
