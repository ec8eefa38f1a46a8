using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Transport;

namespace Orleans.TestingHost;

/// <summary>A cluster within the test's process: silos with a host each, which share a network of their own, and a client.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    internal const string PrimaryName = "Primary";
    private static readonly TimeSpan StabilizationLimit = TimeSpan.FromSeconds(60);
    private readonly InProcessNetwork _network = new();
    private readonly List<SiloHandle> _secondaries = [];
    private Func<string, IConfiguration, Task<SiloHandle>> _createSilo;
    private IHost? _client;
    private int _started;
    private bool _isDisposed;

    /// <summary>Makes a cluster; use <see cref="TestClusterBuilder"/>.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="configurationSources">The configuration that silos and client see.</param>
    /// <param name="portAllocator">Where the ports of silos started later come from.</param>
    public TestCluster(TestClusterOptions options, IReadOnlyList<IConfigurationSource> configurationSources, ITestClusterPortAllocator portAllocator)
    {
        (Options, ConfigurationSources, PortAllocator) = (options, configurationSources, portAllocator);
        _createSilo = DefaultCreateSiloAsync;
    }

    /// <summary>What the cluster is made of.</summary>
    public TestClusterOptions Options { get; }

    /// <summary>The configuration that silos and client see.</summary>
    public IReadOnlyList<IConfigurationSource> ConfigurationSources { get; }

    /// <summary>Where ports come from.</summary>
    public ITestClusterPortAllocator PortAllocator { get; }

    /// <summary>Starts a silo, given its name and configuration, instead of the usual way.</summary>
    public Func<string, IConfiguration, Task<SiloHandle>> CreateSiloAsync
    {
        set => _createSilo = value;
    }

    /// <summary>The first silo; null when it was stopped.</summary>
    public SiloHandle? Primary { get; private set; }

    /// <summary>The silos but the first.</summary>
    public IReadOnlyList<SiloHandle> SecondarySilos
    {
        get
        {
            lock (_secondaries) return [.. _secondaries];
        }
    }

    /// <summary>All silos that were not stopped.</summary>
    public ReadOnlyCollection<SiloHandle> Silos => new([.. Primary is null ? SecondarySilos : SecondarySilos.Prepend(Primary)]);

    /// <summary>The client.</summary>
    public IClusterClient Client => (_client ?? throw new InvalidOperationException("The cluster has no client. Deploy it, or call InitializeClientAsync.")).Services.GetRequiredService<IClusterClient>();

    /// <summary>Makes references; the client's.</summary>
    public IGrainFactory GrainFactory => Client;

    /// <summary>The services of the client's host.</summary>
    public IServiceProvider ServiceProvider => Client.ServiceProvider;

    /// <summary>How long silos need at most to agree on who is there.</summary>
    /// <param name="clusterMembershipOptions">How silos watch each other.</param>
    /// <param name="didKill">A silo went without a farewell.</param>
    public static TimeSpan GetLivenessStabilizationTime(ClusterMembershipOptions clusterMembershipOptions, bool didKill = false)
    {
        ArgumentNullException.ThrowIfNull(clusterMembershipOptions);
        var noticed = didKill ? clusterMembershipOptions.ProbeTimeout * clusterMembershipOptions.NumMissedProbesLimit : TimeSpan.Zero;
        return noticed + TimeSpan.FromSeconds(5);
    }

    /// <summary>Starts a silo of a cluster and adds it.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="instanceNumber">The silo's number.</param>
    /// <param name="clusterOptions">The cluster's options.</param>
    /// <param name="configurationOverrides">Further configuration.</param>
    /// <param name="startSiloOnNewPort">Ports that no silo had before.</param>
    public static async Task<SiloHandle> StartSiloAsync(TestCluster cluster, int instanceNumber, TestClusterOptions clusterOptions, IReadOnlyList<IConfigurationSource>? configurationOverrides = null, bool startSiloOnNewPort = false)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return cluster.Add(await cluster.StartSiloAsync(instanceNumber, clusterOptions, configurationOverrides, startSiloOnNewPort));
    }

    /// <summary>Starts the cluster and its client.</summary>
    public async Task DeployAsync()
    {
        if (Silos.Count > 0) throw new InvalidOperationException("The cluster is deployed already.");
        try
        {
            var count = (int)Options.InitialSilosCount;
            if (Options.UseTestClusterMembership && count > 0)
            {
                Primary = await StartSiloAsync(0, Options);
                count--;
            }

            await StartAdditionalSilosAsync(count);
            if (Options.InitializeClientOnDeploy) await InitializeClientAsync();
            await WaitForLivenessToStabilizeAsync();
        }
        catch
        {
            await StopAllSilosAsync();
            throw;
        }
    }

    /// <summary>Starts the client anew.</summary>
    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync();
        var client = TestClusterHostFactory.CreateClusterClient("MainClient", Configuration([]), ShareNetwork);
        try
        {
            await client.StartAsync();
        }
        catch
        {
            await InProcessSiloHandle.DisposeAsync(client);
            throw;
        }

        _client = client;
    }

    /// <summary>The silos that run.</summary>
    public IEnumerable<SiloHandle> GetActiveSilos() => Silos.Where(silo => silo.IsActive);

    /// <summary>The running silo with an address.</summary>
    /// <param name="siloAddress">The address.</param>
    public SiloHandle? GetSiloForAddress(SiloAddress siloAddress) => GetActiveSilos().FirstOrDefault(silo => silo.SiloAddress.Equals(siloAddress));

    /// <summary>The services of a silo's host.</summary>
    /// <param name="silo">The silo; null: any.</param>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var silos = Silos;
        var handle = silo is null ? silos[Random.Shared.Next(silos.Count)] : silos.FirstOrDefault(one => one.SiloAddress.Equals(silo)) ?? throw new ArgumentException($"The cluster has no silo {silo}.", nameof(silo));
        return ((InProcessSiloHandle)handle).ServiceProvider;
    }

    /// <summary>Finds a grain's activation on the silos.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainContext">The activation.</param>
    public bool TryGetGrainContext(GrainId grainId, [NotNullWhen(true)] out IGrainContext? grainContext)
    {
        grainContext = Silos.OfType<InProcessSiloHandle>().Select(silo => silo.ServiceProvider.GetRequiredService<SiloRuntime>().Activations.Find(grainId)).FirstOrDefault(found => found is not null);
        return grainContext is not null;
    }

    /// <summary>Waits until all silos agree on who is there.</summary>
    /// <param name="didKill">A silo went without a farewell.</param>
    public async Task WaitForLivenessToStabilizeAsync(bool didKill = false)
    {
        using var limit = new CancellationTokenSource(StabilizationLimit);
        var active = GetActiveSilos().OfType<InProcessSiloHandle>().ToList();
        var expected = active.Select(silo => silo.SiloAddress).ToHashSet();
        foreach (var silo in active)
        {
            var updates = silo.ServiceProvider.GetRequiredService<IClusterMembershipService>().MembershipUpdates;
            await foreach (var snapshot in updates.WithCancellation(limit.Token))
            {
                var seen = snapshot.Members.Values.Where(member => member.Status is SiloStatus.Active).Select(member => member.SiloAddress);
                if (expected.SetEquals(seen)) break;
            }
        }
    }

    /// <summary>Starts one more silo.</summary>
    /// <param name="startAdditionalSiloOnNewPort">Ports that no silo had before.</param>
    public async Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false) => (await StartAdditionalSilosAsync(1, startAdditionalSiloOnNewPort))[0];

    /// <summary>Starts more silos, at once.</summary>
    /// <param name="silosToStart">How many.</param>
    /// <param name="startAdditionalSiloOnNewPort">Ports that no silo had before.</param>
    public async Task<List<SiloHandle>> StartAdditionalSilosAsync(int silosToStart, bool startAdditionalSiloOnNewPort = false)
    {
        var first = _started;
        var silos = await Task.WhenAll(Enumerable.Range(first, silosToStart).Select(number => StartSiloAsync(number, Options, startSiloOnNewPort: startAdditionalSiloOnNewPort)));
        foreach (var silo in silos) Add(silo);
        return [.. silos];
    }

    /// <summary>Starts a silo without adding it to <see cref="Silos"/>.</summary>
    /// <param name="instanceNumber">The silo's number.</param>
    /// <param name="clusterOptions">The cluster's options.</param>
    /// <param name="configurationOverrides">Further configuration.</param>
    /// <param name="startSiloOnNewPort">Ports that no silo had before.</param>
    public async Task<SiloHandle> StartSiloAsync(int instanceNumber, TestClusterOptions clusterOptions, IReadOnlyList<IConfigurationSource>? configurationOverrides = null, bool startSiloOnNewPort = false)
    {
        var own = TestSiloSpecificOptions.Create(this, clusterOptions, instanceNumber, startSiloOnNewPort);
        IConfigurationSource[] further = [.. configurationOverrides ?? [], new MemoryConfigurationSource { InitialData = own.ToDictionary() }];
        Interlocked.Increment(ref _started);
        var silo = await _createSilo(own.SiloName, Configuration(further));
        silo.InstanceNumber = (short)instanceNumber;
        silo.ClusterOptions = clusterOptions;
        return silo;
    }

    /// <summary>Starts a silo in this process, in the cluster's network.</summary>
    /// <param name="siloName">The silo's name.</param>
    /// <param name="configuration">The configuration of the cluster and of the silo.</param>
    public async Task<SiloHandle> DefaultCreateSiloAsync(string siloName, IConfiguration configuration) => await InProcessSiloHandle.CreateAsync(siloName, configuration, ShareNetwork);

    /// <summary>Stops a silo in order.</summary>
    /// <param name="instance">The silo.</param>
    public Task StopSiloAsync(SiloHandle instance) => RemoveAsync(instance, stopGracefully: true);

    /// <summary>Stops a silo as a crash would.</summary>
    /// <param name="instance">The silo.</param>
    public Task KillSiloAsync(SiloHandle instance) => RemoveAsync(instance, stopGracefully: false);

    /// <summary>Stops a silo in order and starts it again.</summary>
    /// <param name="instance">The silo.</param>
    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance)
    {
        if (instance is null) return null;
        var isPrimary = instance == Primary;
        await StopSiloAsync(instance);
        var silo = await StartSiloAsync(instance.InstanceNumber, Options);
        if (isPrimary) Primary = silo;
        else Add(silo);
        return silo;
    }

    /// <summary>Stops the silos but the first.</summary>
    public async Task StopSecondarySilosAsync()
    {
        foreach (var silo in SecondarySilos) await StopSiloAsync(silo);
    }

    /// <summary>Stops the client and the first silo.</summary>
    public async Task StopPrimarySiloAsync()
    {
        if (Primary is null) throw new InvalidOperationException("The cluster has no primary silo.");
        await StopClusterClientAsync();
        await StopSiloAsync(Primary);
    }

    /// <summary>Stops the client and all silos.</summary>
    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSecondarySilosAsync();
        if (Primary is not null) await StopSiloAsync(Primary);
    }

    /// <summary>Stops the client in order.</summary>
    public Task StopClusterClientAsync() => StopClientAsync(CancellationToken.None);

    /// <summary>Stops the client without waiting for anything.</summary>
    public Task KillClientAsync() => StopClientAsync(new CancellationToken(canceled: true));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopAllSilosAsync();
        PortAllocator.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the cluster without a farewell; <see cref="DisposeAsync"/> stops it in order.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _client?.Dispose();
        foreach (var silo in Silos) silo.Dispose();
        PortAllocator.Dispose();
        GC.SuppressFinalize(this);
    }

    private SiloHandle Add(SiloHandle silo)
    {
        lock (_secondaries) _secondaries.Add(silo);
        return silo;
    }

    private async Task RemoveAsync(SiloHandle silo, bool stopGracefully)
    {
        if (silo is null) return;
        try
        {
            await silo.StopSiloAsync(stopGracefully);
        }
        finally
        {
            await silo.DisposeAsync();
            Interlocked.Decrement(ref _started);
            if (Primary == silo) Primary = null;
            lock (_secondaries) _secondaries.Remove(silo);
        }
    }

    private async Task StopClientAsync(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _client, null) is not { } client) return;
        try
        {
            await client.StopAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // It is gone all the same.
        }
        finally
        {
            await InProcessSiloHandle.DisposeAsync(client);
        }
    }

    private IConfiguration Configuration(IEnumerable<IConfigurationSource> further)
    {
        var builder = new ConfigurationBuilder();
        foreach (var source in ConfigurationSources.Concat(further)) builder.Add(source);
        return builder.Build();
    }

    private void ShareNetwork(IHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.AddSingleton(_network);
        if (Options.ConnectionTransport != ConnectionTransportType.TcpSocket) services.AddSingleton<ITransport>(_network);
    });
}
