using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A network with distance on this machine. Each host is a network namespace whose only ways out are its own loopback and a TUN device; a
/// router of this process moves the packets between the devices, delays them, and loses or cuts them as it is told. Programs run on a host
/// by its <see cref="NetworkHost.Launcher"/>. Needs Linux, root, <c>/dev/net/tun</c> and the programs <c>ip</c> and <c>nsenter</c>.
/// </summary>
public sealed class DistantNetwork : IDisposable
{
    /// <summary>The most bytes of a packet.</summary>
    internal const int PacketBytes = 1_400;

    private const string Device = "wan0";
    private const string TunFile = "/dev/net/tun";

    private readonly NetworkHost[] _hosts;
    private readonly SafeFileHandle[] _namespaces;
    private readonly NetworkWay[,] _ways;
    private readonly PacketRouter _router;

    private DistantNetwork(DistantNetworkOptions options, IReadOnlyList<(SafeFileHandle Namespace, SafeFileHandle Device)> made)
    {
        _namespaces = [.. made.Select(host => host.Namespace)];
        _hosts = [.. options.Hosts.Select((name, i) => new NetworkHost(name, AddressOf(i), made[i].Namespace))];
        _ways = new NetworkWay[_hosts.Length, _hosts.Length];
        for (var i = 0; i < _hosts.Length; i++)
        {
            for (var j = 0; j < _hosts.Length; j++)
                _ways[i, j] = new() { Jitter = options.Jitter, Loss = options.Loss };
        }

        foreach (var distance in options.Distances)
            SetRoundTrip(distance.One, distance.Other, distance.RoundTrip);
        _router = new([.. _hosts.Select((host, i) => (host.Address, made[i].Device))], _ways);
    }

    /// <summary>Why there can be no such network on this machine, and what to do; null if there can.</summary>
    public static string? Unavailable
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return "A network with distance needs Linux.";
            if (!Libc.IsRoot)
                return "A network with distance needs root, to make network namespaces: run it with sudo.";
            if (!File.Exists(TunFile))
            {
                return $"A network with distance needs {TunFile}: load the kernel's module tun, or start the container with "
                    + $"--device {TunFile}.";
            }
            foreach (var (program, package) in ((string, string)[])[("ip", "iproute2"), ("nsenter", "util-linux")])
            {
                if (!Programs.IsOnThePath(program))
                    return $"A network with distance needs the program {program}: install it (apt-get install {package}).";
            }

            return null;
        }
    }

    /// <summary>The hosts.</summary>
    public IReadOnlyList<NetworkHost> Hosts => _hosts;

    /// <summary>The packets with data that were sent so far from one host to another, whether they arrived or not.</summary>
    public IReadOnlyList<NetworkCount> Counts =>
    [
        .. from source in Enumerable.Range(0, _hosts.Length)
           from target in Enumerable.Range(0, _hosts.Length)
           from kind in Enum.GetValues<NetworkTraffic>()
           let counted = _ways[source, target].Counted(kind)
           where counted.Packets > 0
           select new NetworkCount(_hosts[source].Name, _hosts[target].Name, kind, counted.Packets, counted.Bytes),
    ];

    /// <summary>Makes a network.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made here; the message says why.</exception>
    /// <exception cref="ArgumentException">The options name an unknown host.</exception>
    public static async Task<DistantNetwork> StartAsync(DistantNetworkOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Unavailable is { } reason)
            throw new InvalidOperationException(reason);
        var made = new List<(SafeFileHandle Namespace, SafeFileHandle Device)>();
        try
        {
            for (var i = 0; i < options.Hosts.Count; i++)
            {
                made.Add(await Namespaces.InsideAsync(Libc.EnterNewNamespace, () => (Libc.OpenOwnNamespace(), Libc.OpenTun(Device)))
                    .ConfigureAwait(false));
                await ConfigureAsync(new(options.Hosts[i], AddressOf(i), made[i].Namespace), cancellation).ConfigureAwait(false);
            }

            return new(options, made);
        }
        catch (Exception error)
        {
            foreach (var (space, device) in made)
            {
                space.Dispose();
                device.Dispose();
            }

            if (error is not Win32Exception)
                throw;
            throw new InvalidOperationException(
                $"A network with distance cannot be made: {error.Message}. A container needs the capabilities NET_ADMIN, SYS_ADMIN.",
                error);
        }
    }

    /// <summary>A host by its name.</summary>
    public NetworkHost Host(string name) => _hosts[IndexOf(name)];

    /// <summary>The round trip between two hosts, without jitter.</summary>
    public TimeSpan RoundTrip(string one, string other) => Way(one, other).Length + Way(other, one).Length;

    /// <summary>Changes the round trip between two hosts, for packets that are sent from now on.</summary>
    public void SetRoundTrip(string one, string other, TimeSpan roundTrip) =>
        Way(one, other).Length = Way(other, one).Length = roundTrip / 2;

    /// <summary>Changes the share of packets that are lost between two hosts, each way: from 0 to 1.</summary>
    public void SetLoss(string one, string other, double loss) => Way(one, other).Loss = Way(other, one).Loss = loss;

    /// <summary>Changes the share of packets that are lost on every way: from 0 to 1.</summary>
    public void SetLoss(double loss) => Each(way => way.Loss = loss);

    /// <summary>Loses all packets between two hosts until they are healed.</summary>
    public void Cut(string one, string other) => SetCut(one, other, true);

    /// <summary>Loses all packets that one host sends to another until they are healed; the other way stays.</summary>
    public void CutOneWay(string source, string target) => Way(source, target).IsCut = true;

    /// <summary>Loses all packets between a host and all others until it is healed.</summary>
    public void Isolate(string host) => EachOther(host, other => SetCut(host, other, true));

    /// <summary>Ends the cuts between two hosts.</summary>
    public void Heal(string one, string other) => SetCut(one, other, false);

    /// <summary>Ends all cuts.</summary>
    public void Heal() => Each(way => way.IsCut = false);

    /// <summary>Ends the network. Its hosts' namespaces end with the programs that run in them.</summary>
    public void Dispose()
    {
        _router.Dispose();
        foreach (var space in _namespaces)
            space.Dispose();
    }

    private static IPAddress AddressOf(int host) => new([10, 77, (byte)(host + 1), 1]);

    private static async Task ConfigureAsync(NetworkHost host, CancellationToken cancellation)
    {
        var batch = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            link set lo up
            addr add {host.Address}/32 dev {Device}
            link set {Device} mtu {PacketBytes} up
            route add default dev {Device}

            """);
        var start = new ProcessStartInfo(host.Launcher[0]) { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var word in (string[])[.. host.Launcher.Skip(1), "ip", "-batch", "-"])
            start.ArgumentList.Add(word);
        using var ip = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        await ip.StandardInput.WriteAsync(batch.AsMemory(), cancellation).ConfigureAwait(false);
        ip.StandardInput.Close();
        var errors = await ip.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await ip.WaitForExitAsync(cancellation).ConfigureAwait(false);
        if (ip.ExitCode != 0)
            throw new InvalidOperationException($"The network of the host {host.Name} could not be configured: {errors.Trim()}");
    }

    private NetworkWay Way(string source, string target) => source == target
        ? throw new ArgumentException($"There is no way from {source} to itself.", nameof(target))
        : _ways[IndexOf(source), IndexOf(target)];

    private int IndexOf(string name) => Array.FindIndex(_hosts, host => host.Name == name) is >= 0 and var found
        ? found
        : throw new ArgumentException(
            $"There is no host \"{name}\"; there are {string.Join(", ", _hosts.Select(host => host.Name))}.", nameof(name));

    private void SetCut(string one, string other, bool cut) => Way(one, other).IsCut = Way(other, one).IsCut = cut;

    private void EachOther(string host, Action<string> action)
    {
        foreach (var other in _hosts.Where(other => other.Name != host))
            action(other.Name);
    }

    private void Each(Action<NetworkWay> action)
    {
        foreach (var way in _ways)
            action(way);
    }
}

/// <summary>How a <see cref="DistantNetwork"/> is made.</summary>
public sealed record DistantNetworkOptions
{
    /// <summary>The hosts' names, in the order of their addresses: 10.77.1.1, 10.77.2.1 and so on.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The round trips between hosts; those that are not named are at no distance.</summary>
    public IReadOnlyList<NetworkDistance> Distances { get; init; } = [];

    /// <summary>How much longer a packet takes at most, each way. Default: no longer.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The share of packets that are lost, each way: from 0 to 1. Default: none.</summary>
    public double Loss { get; init; }
}

/// <summary>The packets with data that one host has sent to another.</summary>
/// <param name="Source">The sender.</param>
/// <param name="Target">The receiver.</param>
/// <param name="Traffic">What they belong to.</param>
/// <param name="Packets">Their number.</param>
/// <param name="Bytes">The bytes of data in them.</param>
public sealed record NetworkCount(string Source, string Target, NetworkTraffic Traffic, long Packets, long Bytes);
