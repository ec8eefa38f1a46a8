using Orleans.TestingHost;

namespace OrleansCache.Engine.Refusal.Tests;

/// <summary>A type that cannot be sent is found when a silo starts, not when the first call needs it.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_silo_refuses_to_start_and_names_the_types_that_cannot_be_sent()
    {
        await using var cluster = new TestClusterBuilder(1).Build();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => cluster.DeployAsync());

        var text = error.ToString();
        Assert.Contains(nameof(UnsendableThing), text, StringComparison.Ordinal);
        Assert.Contains(nameof(UnsendableAnswer), text, StringComparison.Ordinal);
        Assert.Contains(nameof(ICarelessGrain), text, StringComparison.Ordinal);
    }
}
