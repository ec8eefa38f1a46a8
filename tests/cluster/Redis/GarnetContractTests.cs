namespace OrleansCache.Tests.Redis;

/// <summary>The contract of a node on Garnet.</summary>
[Trait("Tier", "All")]
public sealed class GarnetContractTests : NodeContract
{
    private protected override async Task<INodeBackend> CreateBackendAsync() => await GarnetBackend.StartAsync();
}
