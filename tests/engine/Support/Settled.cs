using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Engine.Tests.Cluster;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Waits until silos that have joined a cluster take part in it.</summary>
/// <remarks>
/// To be active in everybody's membership is not enough: on Microsoft Orleans a silo considers another one for a grain only when it
/// has fetched what kinds of grains that one hosts, which it does after it has heard of it. A grain that is placed elsewhere
/// meanwhile stays there, so each try is a grain of its own.
/// </remarks>
public static class Settled
{
    /// <summary>Waits until each of these silos places a new grain on each other one.</summary>
    public static async Task WaitAsync(IReadOnlyCollection<IServiceProvider> silos)
    {
        foreach (var from in silos)
        {
            foreach (var name in silos.Select(NameOf))
            {
                var last = "";
                await Until.TrueAsync(
                    async () =>
                    {
                        last = await PlaceAsync(from, name);
                        return last == name;
                    },
                    () => $"{NameOf(from)} to place a new grain on {name}; the last try came to '{last}'");
            }
        }
    }

    /// <summary>Where a new grain went that belongs on the silo of that name; or the error, as there may be one right after a silo's death.</summary>
    private static async Task<string> PlaceAsync(IServiceProvider from, string name)
    {
        try
        {
            return await from.GetRequiredService<IGrainFactory>().GetGrain<IResidenceGrain>($"{name}!{TestClusterFixture.NewKey()}").Silo();
        }
        catch (Exception error) when (error is OrleansException or TimeoutException)
        {
            return error.Message;
        }
    }

    private static string NameOf(IServiceProvider silo) => silo.GetRequiredService<ILocalSiloDetails>().Name;
}
