using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansCache.Tests.Catalogs;

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
