using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace OrleansCache.LocalClusters;

/// <summary>
/// Where a process of a local cluster runs: this machine, or a host of a <see cref="DistantNetwork"/>, which is a network namespace without
/// a name. Such a namespace ends with the last process in it and the last descriptor of it, so nothing is left behind.
/// </summary>
public sealed class NetworkHost
{
    private readonly SafeFileHandle? _namespace;

    internal NetworkHost(string name, IPAddress address, SafeFileHandle? space = null) =>
        (Name, Address, _namespace) = (name, address, space);

    /// <summary>The host's name: that of its region.</summary>
    public string Name { get; }

    /// <summary>The address at which its programs listen.</summary>
    public IPAddress Address { get; }

    /// <summary>
    /// The words before a command that make it run on this host: <c>nsenter</c>, which becomes the command's process; none on this machine.
    /// </summary>
    public IReadOnlyList<string> Launcher => _namespace is null
        ? []
        : ["nsenter", $"--net=/proc/{Environment.ProcessId}/fd/{_namespace.DangerousGetHandle()}"];

    /// <summary>This machine, at its loopback address.</summary>
    internal static NetworkHost Loopback { get; } = new("localhost", IPAddress.Loopback);

    /// <summary>Whether it is a host of a network, on which every port is free.</summary>
    internal bool IsDistant => _namespace is not null;

    /// <summary>A TCP socket of this host. Any thread may use it: a socket keeps the namespace in which it was made.</summary>
    internal async Task<Socket> OpenSocketAsync() => _namespace is { } space
        ? await Namespaces.InsideAsync(() => Libc.Enter(space), NewSocket).ConfigureAwait(false)
        : NewSocket();

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}

/// <summary>Work inside network namespaces.</summary>
internal static class Namespaces
{
    /// <summary>
    /// Does something on a thread of its own that has entered a namespace. The thread is back in its own before anybody learns of the
    /// result: a thread inherits the namespace of the one that starts it, and continuations start threads of the pool.
    /// </summary>
    public static Task<T> InsideAsync<T>(Action enter, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                T result;
                using (var own = Libc.OpenOwnNamespace())
                {
                    enter();
                    try
                    {
                        result = work();
                    }
                    finally
                    {
                        Libc.Enter(own);
                    }
                }

                done.SetResult(result);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }) { IsBackground = true, Name = "network namespace" };
        thread.Start();
        return done.Task;
    }
}
