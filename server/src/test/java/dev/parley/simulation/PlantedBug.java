// SPDX-License-Identifier: Apache-2.0
package dev.parley.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A few characters of Parley's own source replaced by wrong ones. The simulation is run against what the compiler makes
 * of it, in classes of its own.
 *
 * @param name what is wrong
 * @param file below the source folder of the server
 * @param right what stands there, exactly once
 * @param wrong what is put in its place
 */
public record PlantedBug(String name, String file, String right, String wrong) {

    private static final Path SOURCES = Path.of("src/main/java/dev/parley");
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    /** What the first of these seeds says with which the simulation fails, empty if all pass. */
    public Optional<String> firstFailure(Class<?> simulation, int seeds, int steps) {
        try {
            Method run = new Parley(compile()).loadClass(simulation.getName()).getMethod("run", long.class, int.class);
            for (long seed = 0; seed < seeds; seed++) {
                try {
                    run.invoke(null, seed, steps);
                } catch (InvocationTargetException e) {
                    return Optional.of(String.valueOf(e.getCause().getMessage()));
                }
            }
            return Optional.empty();
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, byte[]> compile() throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        if (source.split(java.util.regex.Pattern.quote(right), -1).length != 2) {
            throw new IllegalStateException(file + " does not hold exactly once: " + right);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        Map<String, byte[]> classes = new HashMap<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            JavaFileManager memory = new InMemory(files, classes);
            boolean isCompiled = compiler.getTask(
                            null,
                            memory,
                            problems,
                            List.of("-proc:none", "-cp", CLASS_PATH),
                            null,
                            List.of(new Source(file, source.replace(right, wrong))))
                    .call();
            if (!isCompiled) {
                throw new IllegalStateException(name + " does not compile: " + problems.getDiagnostics());
            }
        }
        return classes;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Parley's classes once more, some of them replaced. */
    private static final class Parley extends ClassLoader {

        private final Map<String, byte[]> replaced;

        Parley(Map<String, byte[]> replaced) {
            super(Parley.class.getClassLoader());
            this.replaced = replaced;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.parley.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = replaced.get(name);
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] found = bytes != null ? bytes : in.readAllBytes();
                return defineClass(name, found, 0, found.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, byte[]> classes;

        InMemory(JavaFileManager files, Map<String, byte[]> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public java.io.OutputStream openOutputStream() {
                    return new java.io.ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(className, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
