// SPDX-License-Identifier: Apache-2.0

/** The version of this package, which is also that of the server that serves it. */
export const version = '0.1.0';
