using System.Runtime.InteropServices;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Makes an open file of this process fail, like a disk that was removed.</summary>
internal static class BrokenDisk
{
    /// <summary>
    /// Replaces each descriptor of this file by one of a file that cannot be written. Opening the file again is not affected.
    /// </summary>
    public static void Break(string path)
    {
        using var unwritable = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read);
        var opened = new DirectoryInfo("/proc/self/fd").GetFiles()
            .Where(link => link.LinkTarget == path)
            .Select(link => int.Parse(link.Name))
            .ToArray();
        Assert.NotEmpty(opened);
        foreach (var descriptor in opened)
            Assert.Equal(descriptor, Replace((int)unwritable.DangerousGetHandle(), descriptor));
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Replace(int with, int descriptor);
}
