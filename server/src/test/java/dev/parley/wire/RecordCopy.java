// SPDX-License-Identifier: Apache-2.0
package dev.parley.wire;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies of records, for tests that change one component and do not care which others there are. */
final class RecordCopy {

    private RecordCopy() {}

    /** Returns the record with another value of the component of that name. */
    @SuppressWarnings("unchecked")
    static <R extends Record> R with(R record, String name, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean isFound = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean isIt = components[i].getName().equals(name);
                values[i] = isIt ? value : components[i].getAccessor().invoke(record);
                isFound |= isIt;
            }
            if (!isFound) {
                throw new IllegalArgumentException(record.getClass() + " has no " + name);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
