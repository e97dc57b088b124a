// SPDX-License-Identifier: Apache-2.0
package dev.parley.config.file;

import dev.parley.config.SettingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Settings in variables of the environment. An empty variable counts as none. */
final class EnvironmentVariables {

    private static final String PREFIX = "PARLEY_";
    private static final String FILE = "_FILE";
    private static final String KEY = "PARLEY_KEY";
    private static final String SECRET = "PARLEY_SECRET";

    /** The variables that are no settings of the table. */
    static final List<String> OTHERS = List.of("PARLEY_CONFIG", KEY, KEY + FILE, SECRET, SECRET + FILE);

    /** What Kubernetes tells every container about services whose names begin with "parley". */
    private static final Pattern KUBERNETES = Pattern.compile("PARLEY(_[A-Z0-9_]+)?"
            + "_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)");

    /** The id of the one app, and of its secret key where only the secret is given. */
    private static final String APP = "app";

    private static final String SECRET_ID = "sk_id_app";
    private static final Pattern ID_AND_SECRET = Pattern.compile("(sk_[A-Za-z0-9_-]{1,125}):(.*)", Pattern.DOTALL);

    /** Settings that exclude each other: a variable replaces whichever of them the file has. */
    private static final List<List<SettingKey<?>>> ALTERNATIVES = List.of(
            List.of(MinimalSection.KEY, MinimalSection.KEY_FILE),
            List.of(ContinuitySection.SECRET, ContinuitySection.SECRET_FILE),
            List.of(ClusterSection.PASSWORD, ClusterSection.PASSWORD_FILE));

    private final Map<String, String> variables;
    private final BaseFolder folder;

    /** Variables that name files name them relative to the folder. */
    EnvironmentVariables(Map<String, String> variables, BaseFolder folder) {
        this.variables = variables;
        this.folder = folder;
    }

    /** Puts what is written here in place of what was read from a file, and the app of PARLEY_KEY and PARLEY_SECRET. */
    void putInto(SectionValues values, SettingFaults faults) {
        for (List<SettingKey<?>> alternatives : ALTERNATIVES) {
            if (alternatives.stream().anyMatch(this::isSet)) {
                alternatives.forEach(values::remove);
            }
        }
        for (SettingKey<?> key : values.shape().keys()) {
            faults.check(() -> put(values, key));
        }
        Optional<Found> publishable = found(KEY, faults);
        Optional<Found> secret = found(SECRET, faults);
        if (publishable.isPresent() || secret.isPresent()) {
            faults.check(() -> app(values, publishable, secret, faults));
        }
    }

    private Optional<Found> found(String variable, SettingFaults faults) {
        Optional<Found> found = faults.part(() -> secretly(variable));
        return found == null ? Optional.empty() : found;
    }

    /** Variables that look as if they were meant for Parley. */
    List<String> warnings() {
        TreeSet<String> known = new TreeSet<>(OTHERS);
        SettingCatalog.SHAPE.keys().forEach(key -> key.variable().ifPresent(known::add));
        return variables.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(name -> !KUBERNETES.matcher(name).matches())
                .sorted()
                .map(name -> QuotedInput.line(name) + " is ignored: it is no variable of Parley"
                        + KeySuggestion.of(name, known)
                                .map(meant -> ", did you mean " + meant + "?")
                                .orElse(""))
                .toList();
    }

    private <T> void put(SectionValues values, SettingKey<T> key) throws SettingException {
        Optional<String> variable = key.variable();
        Optional<String> text = variable.flatMap(this::find);
        if (text.isPresent()) {
            values.put(key, key.kind().written(text.get()), SourceLocation.outside(folder, variable.get()));
        }
    }

    private boolean isSet(SettingKey<?> key) {
        return key.variable().flatMap(this::find).isPresent();
    }

    private Optional<String> find(String variable) {
        return Optional.ofNullable(variables.get(variable)).filter(text -> !text.isEmpty());
    }

    /**
     * A value with where it was found.
     *
     * @param text what was written
     * @param place the variable
     */
    private record Found(String text, SourceLocation place) {

        void put(SectionValues values, SettingKey<?> key, String part) throws SettingException {
            values.put(key, key.kind().written(part), place);
        }
    }

    /** A variable, or the content of the file that the variable with {@code _FILE} behind its name names. */
    private Optional<Found> secretly(String variable) throws SettingException {
        SourceLocation filePlace = SourceLocation.outside(folder, variable + FILE);
        Optional<String> text = find(variable);
        Optional<String> file = find(variable + FILE);
        if (file.isEmpty()) {
            return text.map(value -> new Found(value, SourceLocation.outside(folder, variable)));
        }
        if (text.isPresent()) {
            throw filePlace.refused("either " + variable + " or " + variable + FILE + " is allowed, not both");
        }
        try {
            return Optional.of(new Found(folder.line(file.get()), filePlace));
        } catch (SettingException e) {
            throw filePlace.refused(String.valueOf(e.getMessage()));
        }
    }

    private void app(SectionValues values, Optional<Found> publishable, Optional<Found> secret, SettingFaults faults)
            throws SettingException {
        Found first = publishable.or(() -> secret).orElseThrow();
        if (!values.rows(AppSection.ROWS).isEmpty()) {
            throw first.place().refused("cannot be used together with 'apps' in the configuration file");
        }
        SectionValues app = row(first, SettingCatalog.SHAPE, AppSection.ROWS);
        first.put(app, AppSection.ID, APP);
        if (publishable.isPresent()) {
            SectionValues key = row(publishable.get(), app.shape(), PublishableKeySection.ROWS);
            publishable
                    .get()
                    .put(key, PublishableKeySection.ID, publishable.get().text());
            publishable.get().put(key, PublishableKeySection.RIGHTS.channels(), "**");
            publishable.get().put(key, PublishableKeySection.RIGHTS.actions(), RightsKeys.EVERY_ACTION);
            add(app, PublishableKeySection.ROWS, key, faults);
        }
        if (secret.isPresent()) {
            var parts = ID_AND_SECRET.matcher(secret.get().text());
            boolean isBoth = parts.matches();
            SectionValues key = row(secret.get(), app.shape(), SecretKeySection.ROWS);
            secret.get().put(key, SecretKeySection.ID, isBoth ? parts.group(1) : SECRET_ID);
            secret.get()
                    .put(
                            key,
                            SecretKeySection.SECRET,
                            isBoth ? parts.group(2) : secret.get().text());
            add(app, SecretKeySection.ROWS, key, faults);
        }
        add(values, AppSection.ROWS, app, faults);
    }

    private static SectionValues row(Found from, SectionShape.Section above, String list) {
        return new SectionValues(from.place(), above.row(list));
    }

    private static void add(SectionValues values, String list, SectionValues row, SettingFaults faults) {
        row.complete(false, false, faults);
        values.add(list, row);
    }
}
