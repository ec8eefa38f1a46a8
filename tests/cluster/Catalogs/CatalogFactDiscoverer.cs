using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansCache.Tests.Catalogs;

/// <summary>xunit 2 decides at discovery what to skip, and a shared test does not know there which class it runs in; this does.</summary>
public sealed class CatalogFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any()
            ? new PostgresTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
            : base.CreateTestCase(options, method, fact);
}
