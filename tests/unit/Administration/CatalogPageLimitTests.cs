using OrleansCache.Administration;
using OrleansCache.Catalogs;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Owners;

namespace OrleansCache.Tests.Administration;

/// <summary>How long an export waits for a page of the catalog.</summary>
public sealed class CatalogPageLimitTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_catalog_that_hangs_is_given_up_whether_or_not_it_reacts_to_that(bool reacts)
    {
        var hung = new TaskCompletionSource<IReadOnlyList<string>>();
        var catalog = StandIn.For<ICatalog>((method, arguments) =>
        {
            Assert.Equal(nameof(ICatalog.ListKeysAsync), method.Name);
            if (reacts)
                ((CancellationToken)arguments[2]!).Register(() => hung.TrySetCanceled());
            return hung.Task;
        });
        var reading = new CatalogGrain(catalog, _clock).ReadPageAsync("book::1984");

        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("\"book::1984\" within 20 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_catalog_says_itself_is_passed_on()
    {
        var catalog = StandIn.For<ICatalog>((_, _) =>
            Task.FromException<IReadOnlyList<string>>(new CatalogUnavailableException("It is closed.")));

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => new CatalogGrain(catalog, _clock).ReadPageAsync(null));

        Assert.Equal("It is closed.", error.Message);
    }
}
