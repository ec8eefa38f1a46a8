using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Tests.Silo;

/// <summary>Whether a silo that needs all its patience to stop has handed over before it ran out.</summary>
[Collection(SiloProcessCollection.Name)]
public sealed class HandOverTests
{
    [Fact]
    public async Task A_silo_that_waits_for_others_when_its_grains_have_ended_has_handed_over() =>
        Assert.True(await StopAsync(new StopsLate(ServiceLifecycleStage.ApplicationServices)));

    [Fact]
    public async Task A_silo_that_runs_out_of_patience_while_its_grains_end_has_not() =>
        // Where Microsoft Orleans ends them.
        Assert.False(await StopAsync(new StopsLate(ServiceLifecycleStage.BecomeActive - 1)));

    private static async Task<bool> StopAsync(StopsLate part)
    {
        await using var scene = new SiloScene();
        var options = scene.Silo("europe");
        var configuration = SiloConfiguration.Build(new(scene.SettingsFile), [],
        [
            new("OrleansCache:Silo:Region", options.Region),
            new("OrleansCache:Silo:SiloPort", $"{options.SiloPort}"),
            new("OrleansCache:Silo:GatewayPort", $"{options.GatewayPort}"),
        ]);
        var host = await SiloHost.BuildAsync(
            configuration,
            HostSettingsReader.Read(configuration),
            new DeathNotice(TextWriter.Null),
            (services, _) => services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(part),
            CancellationToken.None);
        await using var disposable = (IAsyncDisposable)host;
        await host.StartAsync();
        using var patience = new CancellationTokenSource();

        var stop = host.StopAsync(patience.Token);
        await part.Reached.WaitAsync(SiloScene.Bound);
        await patience.CancelAsync();
        await stop.WaitAsync(SiloScene.Bound);

        return host.Services.GetRequiredService<HandOver>().IsDone;
    }

    /// <summary>A part of a silo that stops when the patience has run out, and not before.</summary>
    private sealed class StopsLate(int stage) : ILifecycleParticipant<ISiloLifecycle>
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StopsLate), stage, _ => Task.CompletedTask, async patience =>
        {
            _reached.SetResult();
            await Task.Delay(Timeout.Infinite, patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
    }
}
