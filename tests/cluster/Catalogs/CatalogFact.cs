using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// A test that every catalog must pass. In a class marked with <see cref="NeedsPostgresAttribute"/> it is skipped if there is no server.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OrleansCache.Tests.Catalogs.CatalogFactDiscoverer", "OrleansCache.Cluster.Tests")]
public sealed class CatalogFactAttribute : FactAttribute;

/// <summary>Marks a class of tests that need a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>
/// Decides about skipping at discovery, as xunit 2 requires: unlike the fact's attribute, it knows the class that inherits the test.
/// </summary>
public sealed class CatalogFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any()
            ? new PostgresTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
            : base.CreateTestCase(options, method, fact);
}

/// <summary>A test that is skipped, with the reason, if there is no PostgreSQL server.</summary>
public sealed class PostgresTestCase : XunitTestCase
{
    [Obsolete("Only xunit calls it, to deserialize a test case.")]
    public PostgresTestCase()
    {
    }

    public PostgresTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? PostgresServer.WhyMissing();
}
