using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// Where a running cluster says how to reach it: <c>artifacts/cluster</c> of the repository that the program was built in. One
/// cluster at a time has it; the system takes the lock back however that one ends.
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

    public string ClientFile => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(ClusterSettings.WrittenFile));

    /// <summary>Takes the folder.</summary>
    /// <exception cref="SessionException">Another cluster has it, or it cannot be made.</exception>
    public static ClusterFolder Take(string programFolder)
    {
        var path = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(RootOf(programFolder), ClusterSettings.WrittenFile))!;
        try
        {
            Directory.CreateDirectory(path);
            var file = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var folder = new ClusterFolder(path, file);
            // What a cluster that was killed has left says where nobody is any more.
            File.Delete(folder.ClientFile);
            return folder;
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            throw new SessionException(
                ExitCode.Conflict, $"A cluster runs already: {path} is in use. Use it with ./run client …, or stop it with Ctrl-C in its terminal.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SessionException(ExitCode.Unavailable, $"The folder {path} cannot be used. {error.Message}", error);
        }
    }

    /// <summary>Tells clients where the cluster is; they see the whole file or none.</summary>
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

    /// <summary>The folder that has <c>artifacts</c> in it on the way up; the program's own when it stands elsewhere.</summary>
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
