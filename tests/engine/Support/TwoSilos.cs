namespace OrleansCache.Engine.Tests.Support;

/// <summary>Two silos and a client, for every test that neither stops a silo nor needs a setting of its own.</summary>
public sealed class TwoSilos : TestClusterFixture
{
    /// <inheritdoc/>
    protected override short Silos => 2;
}
