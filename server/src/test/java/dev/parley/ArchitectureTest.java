// SPDX-License-Identifier: Apache-2.0
package dev.parley;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The architecture of docs/architecture.md as rules. Arrows only go down: cli, boot, adapters, core, ports, config. */
@Execution(ExecutionMode.CONCURRENT) // it does not depend on time
class ArchitectureTest {

    private static final String ROOT = "dev.parley";
    private static final String CORE = ROOT + ".core..";

    /** Every package that is not one of these is an adapter. */
    private static final Set<String> NOT_ADAPTERS = Set.of("", "cli", "boot", "core", "config", "json", "client");

    private static final JavaClasses PARLEY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/dev/parley/client/")) // for tests; it has its own
            .importPackages(ROOT);

    @Test
    void coreSeesOnlyItselfAndConfigAndPlainJava() {
        classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                CORE,
                                ROOT + ".config..",
                                "java.lang..",
                                "java.util..",
                                "java.nio..",
                                "java.time",
                                "org.jspecify..")
                        .or(belongToAnyOf(java.net.InetAddress.class, java.net.URLDecoder.class)))
                .check(PARLEY);
    }

    @Test
    void coreHasNoClockThreadOrRandomSourceOfItsOwn() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class,
                        java.time.Clock.class,
                        java.time.Instant.class,
                        java.util.Random.class,
                        java.util.UUID.class,
                        java.util.Timer.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.random..")
                .orShould()
                .dependOnClassesThat(nameMatching(
                        "java[.]util[.]concurrent[.](Executor|Scheduled|ForkJoin|ThreadLocal|Completable).*"))
                .check(PARLEY);
    }

    @Test
    void arrowsInCoreOnlyGoDown() {
        sees("port");
        sees("access", "port");
        sees("session", "port", "access");
        sees("room", "port", "session", "access");
        sees("relay", "port", "session", "room", "access");
    }

    @Test
    void portsSeeNoConfig() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".core.port..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".config..")
                .check(PARLEY);
    }

    @Test
    void configSeesNothingOfParley() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".config..")
                .should()
                .dependOnClassesThat(nameMatching("dev[.]parley[.](?!config[.]).*"))
                .check(PARLEY);
    }

    @Test
    void jsonSeesOnlyPortsAndPlainJava() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".json..")
                .should()
                .dependOnClassesThat(nameMatching("dev[.]parley[.](?!json[.]|core[.]port[.]).*"))
                .check(PARLEY);
    }

    @Test
    void coreMakesNoJson() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".json..")
                .check(PARLEY);
    }

    @Test
    void theLibraryForTokensStaysInAuth() {
        keepIn("com.nimbusds..", "auth");
    }

    @Test
    void theLibraryForMetricsStaysInMetrics() {
        keepIn("io.prometheus..", "metrics");
    }

    @Test
    void secretsAreComparedInConstantTimeOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.parley.config.Secret")
                .and()
                .doNotHaveFullyQualifiedName("dev.parley.auth.HmacSignature")
                .should()
                .callMethod(java.util.Arrays.class, "equals", byte[].class, byte[].class)
                .orShould()
                .callMethod(dev.parley.config.Secret.class, "equals", Object.class)
                .check(PARLEY);
    }

    @Test
    void onlyBootAndTheCommandLineSeeBoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".boot..", ROOT + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".boot..", ROOT + ".cli..")
                .check(PARLEY);
    }

    @Test
    void adaptersNeverImportOneAnother() {
        slices().assignedFrom(new Adapters()).should().notDependOnEachOther().check(PARLEY);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(PARLEY);
    }

    @Test
    void nettyStaysInTransportAndInTheLoopThatTheRedisClientGives() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".transport..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".cluster.redis.RedisLoop")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(PARLEY);
    }

    @Test
    void theCacheOfAddressesStaysInAuth() {
        keepIn("com.github.benmanes.caffeine..", "auth");
    }

    @Test
    void theCommandLineParserStaysInTheCommandLine() {
        keepIn("picocli..", "cli");
    }

    @Test
    void theYamlParserStaysWhereFilesAreRead() {
        keepIn("org.snakeyaml..", "config.file");
    }

    @Test
    void theRedisClientStaysWithTheStore() {
        keepIn("io.lettuce..", "cluster.redis");
    }

    @Test
    void logbackIsSetUpInBootAndNowhereElse() {
        keepIn("ch.qos.logback..", "boot");
    }

    @Test
    void handlersAreNettyHandlersAndLiveInTransport() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Handler")
                .should()
                .resideInAPackage(ROOT + ".transport..")
                .andShould()
                .beAssignableTo("io.netty.channel.ChannelHandler")
                .check(PARLEY);
    }

    @Test
    void nothingSleepsSynchronizesOrPrints() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould(com.tngtech.archunit.lang.conditions.ArchConditions.have(synchronizedMethods()))
                .check(PARLEY);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(PARLEY.stream().map(JavaClass::getPackageName).distinct())
                .allSatisfy(
                        name -> assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                                .as(name)
                                .isTrue());
    }

    private static void sees(String room, String... below) {
        Set<String> allowed = new HashSet<>(Set.of(below));
        allowed.add(room);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".core." + room + "..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "elsewhere in core than " + allowed,
                        type -> type.getPackageName().startsWith(ROOT + ".core.")
                                && !allowed.contains(type.getPackageName().substring((ROOT + ".core.").length()))))
                .check(PARLEY);
    }

    private static void keepIn(String library, String room) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(PARLEY);
    }

    private static DescribedPredicate<JavaClass> nameMatching(String pattern) {
        return DescribedPredicate.describe(
                "named " + pattern, type -> type.getName().matches(pattern));
    }

    private static DescribedPredicate<JavaClass> synchronizedMethods() {
        return DescribedPredicate.describe(
                "synchronized methods",
                type -> type.getMethods().stream()
                        .anyMatch(method -> method.getModifiers()
                                .contains(com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED)));
    }

    /** Each adapter is a slice, and each dialect is one of its own. */
    private static final class Adapters implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!(type.getPackageName() + ".").startsWith(ROOT + ".")) {
                return SliceIdentifier.ignore();
            }
            List<String> rooms = List.of(type.getPackageName()
                    .substring(ROOT.length())
                    .replaceFirst("^[.]", "")
                    .split("[.]"));
            String first = rooms.getFirst();
            if (NOT_ADAPTERS.contains(first)) {
                return SliceIdentifier.ignore();
            }
            return first.equals("dialect") && rooms.size() > 1
                    ? SliceIdentifier.of(first, rooms.get(1))
                    : SliceIdentifier.of(first);
        }

        @Override
        public String getDescription() {
            return "adapters";
        }
    }
}
