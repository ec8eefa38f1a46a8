using OrleansCache.Http.Tests.Servers;
using OrleansCache.TestSupport;

namespace OrleansCache.Http.Tests.Telemetry;

/// <summary>The metrics of a server, after a lookup and an edit.</summary>
internal static class Scrape
{
    /// <summary>
    /// Scrapes until the metrics are as wanted, a new server each time: servers of other tests, which end in this process, take the metrics
    /// of the same names with them.
    /// </summary>
    public static async Task<string> UntilAsync(ClusterFixture cluster, Func<string, bool> isComplete)
    {
        var text = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var server = await cluster.StartServerAsync();
                await server.SendAsync("PUT", $"/v1/books/book::counted{Guid.NewGuid():N}", """{"title":"Counted"}""");
                await server.GetAsync($"/v1/books/book::counted{Guid.NewGuid():N}");
                text = await server.Client.GetStringAsync("/metrics");
                return isComplete(text);
            },
            "the metrics are complete");
        return text;
    }
}
