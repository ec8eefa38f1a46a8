using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Client;
using OrleansCache.Http.Tests.Servers;
using OrleansCache.TestSupport;

namespace OrleansCache.Http.Tests.Telemetry;

/// <summary>What a trace shows of a lookup.</summary>
[Collection(ClusterTests.Name)]
public sealed class TraceTests(ClusterFixture cluster)
{
    [Fact]
    public async Task One_trace_shows_the_way_of_a_lookup_and_a_near_hit_makes_none()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "OrleansCache" or "Microsoft.Orleans.Runtime" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        var books = cluster.Books;
        // On a busy machine a lookup may fail, or be answered without one of the steps; then the next one has a trace of its own.
        ActivityTraceId trace = default;
        var count = 0;
        string[] way = ["lookup", "attempt", "load", "redis read", "catalog read"];
        await Eventually.IsTrueAsync(
            async () =>
            {
                using (var root = source.StartActivity("asked"))
                {
                    trace = root!.TraceId;
                    await Record.ExceptionAsync(() => GetAsync($"trace::absent {++count}"));
                }

                return way.All(step => Of(trace).Any(activity => activity.OperationName == step))
                    && Of(trace).Any(activity => activity.DisplayName.Contains("AcquireAsync", StringComparison.Ordinal));
            },
            "each step of a lookup, and the call of the owner, is in its trace");
        Assert.All(Of(trace), activity => Assert.DoesNotContain(
            activity.Tags, tag => tag.Key.StartsWith("orleanscache", StringComparison.Ordinal) && tag.Value?.Contains("absent") is true));

        await Eventually.IsTrueAsync(
            async () =>
            {
                Tier? tier = null;
                await Record.ExceptionAsync(async () => tier = (await GetAsync("trace::near")).Tier);
                return tier is Tier.Near;
            },
            "the book is near");
        using (var root = source.StartActivity("asked again"))
        {
            trace = root!.TraceId;
            Assert.Equal(Tier.Near, (await GetAsync("trace::near")).Tier);
        }

        Assert.Equal(["asked again"], Of(trace).Select(activity => activity.OperationName));

        Task<LookupResult> GetAsync(string key) => books.GetAsync(key, new() { Region = "europe" }).AsTask();

        IEnumerable<Activity> Of(ActivityTraceId id) => ended.Where(activity => activity.TraceId == id);
    }
}
