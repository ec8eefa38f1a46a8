using System.Runtime.InteropServices;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Makes a file that this process has open fail, as a disk does that goes away.</summary>
internal static class BrokenDisk
{
    /// <summary>
    /// Puts a file that cannot be written in the place of each descriptor of this one; whoever opens the file anew is not affected.
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
