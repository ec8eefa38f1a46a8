using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// The folder in which a running cluster publishes how to reach it: <c>artifacts/cluster</c> of the repository in which the program was
/// built. A file lock, which the operating system releases even after a kill, keeps it to one cluster at a time.
/// </summary>
internal sealed class ClusterFolder : IDisposable
{
    private readonly FileStream _lock;

    private ClusterFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string ClientFile => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(RunningClusterConfiguration.WrittenFile));

    /// <summary>Locks the folder.</summary>
    /// <exception cref="SessionException">Another cluster has the lock, or the folder cannot be created.</exception>
    public static ClusterFolder Take(string programFolder)
    {
        var path = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(RootOf(programFolder), RunningClusterConfiguration.WrittenFile))!;
        try
        {
            Directory.CreateDirectory(path);
            var file = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new ClusterFolder(path, file);
            // A cluster that was killed leaves a file with addresses at which nothing listens.
            File.Delete(folder.ClientFile);
            return folder;
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            throw new SessionException(
                ConsoleExitCode.Conflict,
                $"A cluster runs already: {path} is in use. Use it with ./run client …, or stop it with Ctrl-C in its terminal.",
                error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SessionException(ConsoleExitCode.Unavailable, $"The folder {path} cannot be used. {error.Message}", error);
        }
    }

    /// <summary>Publishes the clients' settings. The file is moved into place, so that a client never reads a part of it.</summary>
    public async Task PublishAsync(string json, CancellationToken cancellation)
    {
        var written = ClientFile + ".new";
        await File.WriteAllTextAsync(written, json, cancellation).ConfigureAwait(false);
        File.Move(written, ClientFile, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(ClientFile);
        _lock.Dispose();
    }

    /// <summary>The nearest parent that contains <c>artifacts</c>; the program's own folder if none does.</summary>
    private static string RootOf(string programFolder)
    {
        for (var at = new DirectoryInfo(programFolder); at is not null; at = at.Parent)
        {
            if (at.Name == "artifacts" && at.Parent is { } root)
                return root.FullName;
        }

        return programFolder;
    }
}
