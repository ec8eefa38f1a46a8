using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansCache.LocalClusters;

/// <summary>The system calls of Linux with which a network of namespaces is made.</summary>
internal static class Libc
{
    public const short PollIn = 1;

    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    // A child process must not keep a device or a namespace alive.
    private const int CloseOnExec = 0x80000;
    private const int NewNetwork = 0x40000000;
    private const nuint SetInterface = 0x400454CA;
    // A device for IP packets, which come without a header of its own.
    private const short TunWithoutHeader = 0x1001;
    private const int NameBytes = 16;
    private const int ThisThread = 0;

    /// <summary>Whether this process is root.</summary>
    public static bool IsRoot => geteuid() == 0;

    /// <summary>Moves the calling thread into a new network namespace.</summary>
    /// <exception cref="Win32Exception">The system refuses it, as in a container without the capability SYS_ADMIN.</exception>
    public static void EnterNewNamespace() => Check(unshare(NewNetwork), "unshare(CLONE_NEWNET)");

    /// <summary>Moves the calling thread into a network namespace.</summary>
    /// <exception cref="Win32Exception">The system refuses it.</exception>
    public static void Enter(SafeFileHandle space) => Check(setns(space, NewNetwork), "setns");

    /// <summary>The network namespace of the calling thread, which exists at least as long as the handle.</summary>
    public static SafeFileHandle OpenOwnNamespace() => Open("/proc/thread-self/ns/net", CloseOnExec);

    /// <summary>Makes a TUN device in the network namespace of the calling thread; it exists as long as the handle.</summary>
    /// <exception cref="Win32Exception">There is no such device, or the system refuses it.</exception>
    public static SafeFileHandle OpenTun(string name)
    {
        var device = Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);
        // struct ifreq: the name, then the flags.
        var request = new byte[40];
        System.Text.Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameBytes), TunWithoutHeader);
        Check(ioctl(device, SetInterface, request), "ioctl(TUNSETIFF)");
        return device;
    }

    /// <summary>A counter that another thread raises to wake up a poll.</summary>
    public static SafeFileHandle OpenEvent()
    {
        var handle = new SafeFileHandle(eventfd(0, NonBlocking | CloseOnExec), ownsHandle: true);
        return handle.IsInvalid ? throw Error("eventfd") : handle;
    }

    /// <summary>Gives the calling thread precedence over others; without the right to do so nothing changes.</summary>
    public static void RaisePriority() => _ = setpriority(ThisThread, ThisThread, -15);

    /// <summary>Reads a packet; 0 when there is none.</summary>
    public static int Read(SafeFileHandle handle, byte[] buffer) => (int)Math.Max(0, read(handle, buffer, (nuint)buffer.Length));

    /// <summary>Writes a packet. It is lost when the receiver's queue is full, as on a real network.</summary>
    public static void Write(SafeFileHandle handle, byte[] buffer, int length) => _ = write(handle, buffer, (nuint)length);

    /// <summary>Waits until one of the descriptors can be read or the time is over.</summary>
    public static void Poll(PollDescriptor[] descriptors, TimeSpan longest)
    {
        var timeout = new Timespec(longest.Ticks / TimeSpan.TicksPerSecond, longest.Ticks % TimeSpan.TicksPerSecond * 100);
        _ = ppoll(descriptors, (nuint)descriptors.Length, timeout, 0);
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        var handle = new SafeFileHandle(open(path, flags), ownsHandle: true);
        return handle.IsInvalid ? throw Error($"open({path})") : handle;
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
            throw Error(call);
    }

    private static Win32Exception Error(string call)
    {
        var code = Marshal.GetLastPInvokeError();
        return new(code, $"{call}: {Marshal.GetPInvokeErrorMessage(code)}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle handle, nuint request, byte[] argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(SafeFileHandle space, int kind);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint value, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle handle, byte[] buffer, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle handle, byte[] buffer, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern int ppoll([In, Out] PollDescriptor[] descriptors, nuint count, in Timespec timeout, nint signals);

    [DllImport("libc")]
    private static extern int setpriority(int which, int who, int priority);

    [DllImport("libc")]
    private static extern uint geteuid();

    private readonly record struct Timespec(long Seconds, long Nanoseconds);
}

/// <summary><c>struct pollfd</c>: a descriptor, what is awaited, and what has happened.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor(int descriptor, short events)
{
    public int Descriptor = descriptor;
    public short Events = events;
    public short Happened;
}
