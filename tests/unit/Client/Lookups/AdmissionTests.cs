using System.Diagnostics;
using OrleansCache.Client;
using OrleansCache.TestSupport;
using OrleansCache.Timing;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A client with more lookups at once than it may have in flight.</summary>
public sealed class AdmissionTests
{
    private readonly ClientScene _scene = ClientScene.WithoutNearCache(options =>
    {
        options.MaxLookupsInFlight = 2;
        options.MaxLookupsWaiting = 1;
    });

    private readonly TaskCompletionSource<LookupAnswer?> _answer = new();

    public AdmissionTests() => Hold(_scene);

    [Fact]
    public async Task The_next_lookup_waits_for_its_turn_and_a_further_one_is_refused_at_once()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => _scene.GetFromAsync()).ToArray();
        await _scene.AskedAsync(2);

        var error = await Assert.ThrowsAsync<LookupRefusedException>(() => _scene.GetFromAsync());

        Assert.Contains("MaxLookupsInFlight", error.Message);
        Assert.Equal(2, _scene.Cluster.Asked.Count);
        Release();
        Assert.All(await Task.WhenAll(asked), result => Assert.Equal("europe", result.Region));
        Assert.Equal("europe", (await _scene.GetFromAsync()).Region);
    }

    [Fact]
    public async Task One_that_has_waited_so_long_that_no_attempt_would_fit_any_more_is_refused()
    {
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        await _scene.AskedAsync(2);

        var late = _scene.GetFromAsync();
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1_700));

        Assert.Contains("timed out", (await Assert.ThrowsAsync<LookupRefusedException>(() => late)).Message);
        foreach (var lookup in first)
        {
            await _scene.PassUntilEndOfAsync(lookup);
            await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        }
    }

    [Fact]
    public async Task One_that_has_waited_for_long_still_has_its_turn_while_an_attempt_has_its_patience()
    {
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        await _scene.AskedAsync(2);
        var late = _scene.GetFromAsync();
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1_699));

        Release();

        Assert.True((await late).Found);
        await Task.WhenAll(first);
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_leaves_its_turn_to_the_next()
    {
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        using var giveUp = new CancellationTokenSource();
        var impatient = _scene.GetFromAsync(cancellation: giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = _scene.GetFromAsync();
        Release();

        Assert.True((await next).Found);
        await Task.WhenAll(first);
    }

    [Fact]
    public async Task Silos_that_shed_load_halve_the_limit_once_per_expected_time_and_answers_raise_it()
    {
        await using var scene = ClientScene.WithoutNearCache(options => options.MaxLookupsInFlight = 256);
        scene.Connect("europe", TimeSpan.FromMilliseconds(10), TimeSpan.Zero);
        Assert.Equal(64, await InFlightAsync(scene));

        await ShedAsync(scene, 10);
        Assert.Equal(32, await InFlightAsync(scene));
        scene.Time.Advance(TimeSpan.FromMilliseconds(10));
        await ShedAsync(scene, 10);
        Assert.Equal(16, await InFlightAsync(scene));
        for (var i = 0; i < 5; i++)
        {
            scene.Time.Advance(TimeSpan.FromMilliseconds(10));
            await ShedAsync(scene, 1);
        }

        Assert.Equal(LookupAdmission.Minimum, await InFlightAsync(scene));
        scene.Cluster.Regions["europe"] = scene.Cluster.Answers();
        for (var i = 0; i < 1_000; i++)
            await scene.GetFromAsync();
        Assert.InRange(await InFlightAsync(scene), 30, 60);
    }

    [Fact]
    public async Task Lookups_that_are_slow_do_not_lower_the_limit()
    {
        await using var scene = ClientScene.WithoutNearCache(options => options.MaxLookupsInFlight = 64);
        foreach (var region in scene.Map.Names)
            scene.Cluster.Regions[region] = FakeCluster.Hangs();
        var crowd = Enumerable.Range(0, 16).Select(_ => scene.GetFromAsync()).ToArray();
        await scene.PassUntilEndOfAsync(Task.WhenAll(crowd));
        Assert.All(crowd, lookup => Assert.IsType<LookupFailedException>(lookup.Exception?.InnerException));

        Assert.Equal(16, await InFlightAsync(scene));
    }

    [Fact]
    public async Task The_limit_follows_what_the_distance_keeps_in_flight()
    {
        var time = new ManualTimeProvider();
        var admission = new LookupAdmission(new() { MaxLookupsInFlight = 1_024 }, time);
        var far = Distance(320);
        var (waiting, ends) = (new List<(Task<string?> Entry, TimeSpan Asked)>(), new Queue<TimeSpan>());
        // 1,000 lookups per second that each take 320 ms; at first only a quarter of the limit is allowed.
        for (var tick = 0; tick < 4_000; tick++, time.Advance(TimeSpan.FromMilliseconds(1)))
        {
            while (ends.TryPeek(out var end) && end <= time.Elapsed)
            {
                ends.Dequeue();
                admission.Leave(far, LookupEnd.Answered);
            }

            waiting.Add((admission.EnterAsync("a", far, Deadline(time), default).AsTask(), time.Elapsed));
            await SettleAsync(
                () =>
                {
                    foreach (var lookup in waiting.Where(lookup => lookup.Entry.IsCompleted).ToArray())
                    {
                        Assert.Null(lookup.Entry.Result);
                        waiting.Remove(lookup);
                        ends.Enqueue(time.Elapsed + TimeSpan.FromMilliseconds(320));
                    }

                    return ends.Count == admission.InFlight;
                });
            // Within the first second it is not known yet how many there are.
            Assert.All(waiting, lookup => Assert.True(time.Elapsed - lookup.Asked < TimeSpan.FromMilliseconds(100), "a long wait"));
            if (tick > 1_000)
                Assert.Empty(waiting);
        }

        Assert.InRange(admission.Limit, 560, 650);
    }

    /// <summary>
    /// A silo that does one lookup per millisecond and sheds what waits there for longer than 100 ms, and three lookups per millisecond.
    /// </summary>
    [Fact]
    public async Task Three_times_what_a_silo_can_do_is_answered_for_a_third_and_refused_at_once_for_the_rest()
    {
        var time = new ManualTimeProvider();
        var admission = new LookupAdmission(new(), time);
        var near = Distance(1);
        var waiting = new List<(Task<string?> Entry, TimeSpan Asked)>();
        var silo = new Queue<TimeSpan>();
        var (answered, refusedAtOnce, refusedLate, shed, inSilo) = (new List<TimeSpan>(), 0, 0, 0, 0);
        for (var tick = 0; tick < 15_000; tick++, time.Advance(TimeSpan.FromMilliseconds(1)))
        {
            var isOverload = tick < 12_000;
            if (tick is 7_000 or 14_000)
            {
                (refusedAtOnce, refusedLate, shed) = (0, 0, 0);
                answered.Clear();
            }

            if (tick == 12_000)
                CheckOverload();
            for (var i = 0; i < (isOverload ? 3 : tick % 2); i++)
                waiting.Add((admission.EnterAsync("a", near, Deadline(time), default).AsTask(), time.Elapsed));
            if (silo.TryDequeue(out var asked))
            {
                inSilo--;
                answered.Add(time.Elapsed - asked);
                admission.Leave(near, LookupEnd.Answered);
            }

            // Continuations of permits run on other threads, and time stands still meanwhile.
            await SettleAsync(Settle);
        }

        Assert.Equal((0, 0, 0), (refusedAtOnce, refusedLate, shed));
        Assert.InRange(answered.Count, 490, 510);
        Assert.True(answered.Max() < TimeSpan.FromMilliseconds(20), $"{answered.Max()}");

        bool Settle()
        {
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                var (entry, asked) = waiting[i];
                if (!entry.IsCompleted)
                    continue;
                waiting.RemoveAt(i);
                if (entry.Result is not null && time.Elapsed == asked)
                    refusedAtOnce++;
                else if (entry.Result is not null)
                    refusedLate++;
                else if (silo.Count >= 100)
                {
                    shed++;
                    admission.Leave(near, LookupEnd.Shed);
                    return false;
                }
                else
                {
                    inSilo++;
                    silo.Enqueue(asked);
                }
            }

            return inSilo == admission.InFlight;
        }

        void CheckOverload()
        {
            const int Seconds = 5;
            Assert.InRange(answered.Count, 0.8 * Seconds * 1_000, Seconds * 1_000);
            Assert.True(answered.Order().ElementAt(answered.Count * 99 / 100) < TimeSpan.FromMilliseconds(500), $"{answered.Max()}");
            Assert.InRange(refusedAtOnce, 1.9 * Seconds * 1_000, 2.2 * Seconds * 1_000);
            Assert.InRange(refusedLate, 0, 10);
            Assert.InRange(shed, 0, Seconds * 50);
        }
    }

    [Fact]
    public async Task Nothing_is_refused_in_the_first_seconds_because_others_wait_and_a_burst_may_wait_later()
    {
        await using var scene = ClientScene.WithoutNearCache(options => options.MaxLookupsInFlight = 8);
        Hold(scene);
        var lookups = Enumerable.Range(0, 8).Select(_ => scene.GetFromAsync()).ToList();
        for (var i = 0; i < 16; i++)
        {
            lookups.Add(scene.GetFromAsync());
            await scene.PassAsync(TimeSpan.FromMilliseconds(90));
        }

        Assert.All(lookups, lookup => Assert.False(lookup.IsCompleted));
        Release();
        await Task.WhenAll(lookups);
    }

    [Fact]
    public async Task A_refusal_throws_nothing_before_it_reaches_the_caller()
    {
        _ = _scene.GetFromAsync();
        _ = _scene.GetFromAsync();
        _ = _scene.GetFromAsync();

        var refused = _scene.Cache.GetAsync(ClientScene.Key, new() { Region = "europe" });

        Assert.True(refused.IsFaulted);
        var task = refused.AsTask();
        Assert.IsType<LookupRefusedException>(task.Exception!.InnerException);
        Release();
        await Task.CompletedTask;
    }

    private static async Task SettleAsync(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Eventually.Bound, "The permits were not used.");
            await Task.Yield();
        }
    }

    private static LookupDeadline Deadline(TimeProvider time) =>
        new(time, time.GetTimestamp(), TimeSpan.Zero, new CacheClientOptions().Deadline);

    private static RegionDistance Distance(int milliseconds)
    {
        var distance = new RegionDistance(TimeSpan.FromMilliseconds(300), ProcessLag.None);
        distance.Note(TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds));
        return distance;
    }

    private static async Task ShedAsync(ClientScene scene, int times)
    {
        scene.Cluster.Regions["europe"] = FakeCluster.Sheds();
        for (var i = 0; i < times; i++)
            await Assert.ThrowsAsync<LookupRefusedException>(() => scene.GetFromAsync());
    }

    /// <summary>The number of lookups of a new burst that are sent at once; they are cancelled then.</summary>
    private static async Task<int> InFlightAsync(ClientScene scene)
    {
        var before = scene.Asked;
        scene.Cluster.Regions["europe"] = FakeCluster.Hangs();
        using var giveUp = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, 300).Select(_ => scene.GetFromAsync(cancellation: giveUp.Token)).ToArray();
        // Each lookup in flight asks one grain before any time passes.
        var asked = scene.Asked - before;
        await giveUp.CancelAsync();
        foreach (var lookup in crowd)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
        return asked;
    }

    private void Hold(ClientScene scene)
    {
        foreach (var region in scene.Map.Names)
            scene.Cluster.Regions[region] = (_, _) => new(_answer.Task);
    }

    private void Release() => _answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, ClientScene.Key)));
}
