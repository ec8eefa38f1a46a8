
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansCache.Tests.Catalog;

/// <summary>A test that every catalog must pass; where the class needs a PostgreSQL server and there is none, it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OrleansCache.Tests.Catalog.CatalogFactDiscoverer", "OrleansCache.Tests")]
public sealed class CatalogFactAttribute : FactAttribute;

/// <summary>Marks a class of tests that need a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>xunit 2 decides at discovery what to skip, and a shared test does not know there which class it runs in; this does.</summary>
public sealed class CatalogFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any()
            ? new PostgresTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
            : base.CreateTestCase(options, method, fact);
}

/// <summary>A test that is skipped, with the reason, where no PostgreSQL server can be had.</summary>
public sealed class PostgresTestCase : XunitTestCase
{
    [Obsolete("Only xunit itself makes an empty one.")]
    public PostgresTestCase()
    {
    }

    public PostgresTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) => base.GetSkipReason(factAttribute) ?? PostgresServer.WhyMissing();
}
